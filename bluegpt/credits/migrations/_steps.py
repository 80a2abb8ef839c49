"""PostgreSQL's functions for the ordinary hold and the ordinary end of one.

Each does its step in one statement, or touches nothing and gives NULL; then the caller takes the
way of both databases. They say again what `rules/burning.py` and `rules/pricing.py` say; that
both agree is a test (`tests/credits/test_one_call.py`). Each statement of such a function sees
what was committed before it began, so what follows a lock reads what the lock waited for.

A session keeps the plans of a function. Those that it made while the tables were nearly empty
would read them from end to end for as long as nobody gathers statistics; so no plan here may. The
price is PL/pgSQL because SQL functions are planned anew in each transaction.
"""

# Everything that can stop the hold is looked at before the first row is written.
PLACE = """
CREATE OR REPLACE FUNCTION credits_place(
    hold uuid, person uuid, asked bigint, price_version integer, product varchar, sku varchar,
    digest varchar, ttl_s integer, api_key uuid, consumed bigint, line_ids uuid[],
    pinned timestamptz
) RETURNS timestamptz LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    wallet bigint;
    instant timestamptz;
    missing bigint := asked;
    share bigint;
    lot record;
    lots uuid[] := '{}';
    shares bigint[] := '{}';
BEGIN
    SELECT a.id INTO wallet FROM credits_account a
     WHERE a.owner_id = person AND a.ledger = 'credits' AND a.code = 'wallet'
       AND a.credited - a.debited - a.pending >= asked
       FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN NULL; END IF;

    instant := coalesce(pinned, clock_timestamp());
    IF EXISTS (SELECT FROM credits_cap c WHERE c.person_id = person)
       OR EXISTS (SELECT FROM credits_account d WHERE d.owner_id = person
                  AND d.ledger = 'credits' AND d.code = 'debt' AND d.debited > d.credited)
    THEN RETURN NULL; END IF;

    FOR lot IN
        SELECT g.id, g.amount_microcredits - g.used_microcredits - g.held_microcredits
               - g.expired_microcredits - g.clawed_back_microcredits AS available
          FROM credits_grant g
         WHERE g.wallet_id = wallet AND g.effective_at <= instant
           AND (g.expires_at IS NULL OR g.expires_at > instant)
           AND g.amount_microcredits > g.used_microcredits + g.held_microcredits
               + g.expired_microcredits + g.clawed_back_microcredits
         ORDER BY g.priority, g.expires_at NULLS LAST,
               array_position(ARRAY['plan', 'promo', 'adjustment', 'paid'], g.category::text),
               g.effective_at, g.id
    LOOP
        share := least(missing, lot.available);
        lots := lots || lot.id;
        shares := shares || share;
        missing := missing - share;
        EXIT WHEN missing = 0;
    END LOOP;
    IF missing > 0 OR cardinality(lots) > cardinality(line_ids) THEN RETURN NULL; END IF;

    INSERT INTO credits_hold (id, person_id, wallet_id, amount_microcredits, price_version_id,
        product, sku, request_hash, state, deadline_at, key_id, created_at, charged_microcredits,
        absorbed_microcredits, corrected_microcredits, written_off_microcredits, usage_source,
        consumption, reason)
    VALUES (hold, person, wallet, asked, price_version, product, sku, digest, 'held',
        instant + make_interval(secs => ttl_s), api_key, instant, 0, 0, 0, 0, '', '{}', '')
    ON CONFLICT (id) DO NOTHING;
    IF NOT FOUND THEN RETURN NULL; END IF;

    UPDATE credits_account a SET pending = a.pending + asked WHERE a.id = wallet;
    FOR n IN 1 .. cardinality(lots) LOOP
        UPDATE credits_grant g SET held_microcredits = g.held_microcredits + shares[n]
         WHERE g.id = lots[n];
        INSERT INTO credits_draw (hold_id, lot_id, position, held_microcredits,
            settled_microcredits, transfer_id)
        VALUES (hold, lots[n], n - 1, shares[n], 0, line_ids[n]);
        INSERT INTO credits_transfer (id, group_id, group_size, debit_account_id,
            credit_account_id, amount, code, kind, lot_id, hold_id, reference, request_hash,
            author, reason, created_at, effective_at)
        VALUES (line_ids[n], hold, cardinality(lots), wallet, consumed, shares[n], 'usage',
            'pending', lots[n], hold, '', digest, '', '', instant, instant);
    END LOOP;
    RETURN instant + make_interval(secs => ttl_s);
END $$
"""

# NULL for a meter without a rate.
PRICE = """
CREATE OR REPLACE FUNCTION credits_charge(
    price_version integer, priced_sku varchar, context_length bigint, meters text[],
    quantities bigint[]
) RETURNS numeric LANGUAGE plpgsql STABLE AS $$
DECLARE
    due numeric;
BEGIN
    SELECT CASE WHEN bool_and(r.rate IS NOT NULL)
                THEN ceil(sum(u.quantity * r.rate) / 1000000) END INTO due
      FROM unnest(meters, quantities) AS u (meter, quantity)
      LEFT JOIN LATERAL (
        SELECT p.microcredits_per_million::numeric AS rate FROM credits_price p
         WHERE p.version_id = price_version AND p.sku = priced_sku AND p.meter = u.meter
           AND p.from_context_tokens <= context_length
         ORDER BY p.from_context_tokens DESC LIMIT 1
      ) r ON true;
    RETURN due;
END $$
"""

# Settled when there are meters, else released. Steps, caps, a lot that has ended meanwhile and a
# use beyond the hold are for the way of both databases.
END = """
CREATE OR REPLACE FUNCTION credits_end(
    hold uuid, used_sku varchar, context_length bigint, meters text[], quantities bigint[],
    source varchar, used jsonb, why text, digest varchar, end_id uuid, line_ids uuid[],
    pinned timestamptz, OUT charged bigint, OUT released bigint
) LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    is_settled boolean := meters IS NOT NULL;
    held record;
    draw record;
    due numeric := 0;
    missing bigint;
    share bigint;
    draws_count integer;
    instant timestamptz;
BEGIN
    -- By its id alone: with its state, a plan may be made for the index of open holds.
    SELECT h.wallet_id, h.person_id, h.amount_microcredits, h.price_version_id, h.state,
           h.extends_id, h.sku INTO held
      FROM credits_hold h WHERE h.id = hold FOR UPDATE;
    IF NOT FOUND OR held.state NOT IN ('held', 'dispatched') OR held.extends_id IS NOT NULL
       OR (is_settled AND held.sku <> used_sku)
    THEN RETURN; END IF;
    IF is_settled THEN
        due := credits_charge(held.price_version_id, used_sku, context_length, meters, quantities);
        IF due IS NULL OR due > held.amount_microcredits THEN RETURN; END IF;
    END IF;

    PERFORM FROM credits_account a WHERE a.id = held.wallet_id FOR NO KEY UPDATE;
    instant := coalesce(pinned, clock_timestamp());
    SELECT count(*) INTO draws_count FROM credits_draw d WHERE d.hold_id = hold;
    IF draws_count NOT BETWEEN 1 AND cardinality(line_ids)
       OR EXISTS (SELECT FROM credits_hold s WHERE s.extends_id = hold)
       OR EXISTS (SELECT FROM credits_cap c WHERE c.person_id = held.person_id)
       OR EXISTS (SELECT FROM credits_draw d JOIN credits_grant g ON g.id = d.lot_id
                   WHERE d.hold_id = hold AND g.expires_at <= instant)
    THEN RETURN; END IF;

    charged := due;
    released := held.amount_microcredits - charged;
    missing := charged;
    UPDATE credits_account a
       SET pending = a.pending - held.amount_microcredits, debited = a.debited + charged
     WHERE a.id = held.wallet_id;
    FOR draw IN
        SELECT d.position + 1 AS number, d.id, d.lot_id, d.transfer_id, d.held_microcredits,
               t.credit_account_id
          FROM credits_draw d JOIN credits_transfer t ON t.id = d.transfer_id
         WHERE d.hold_id = hold ORDER BY d.position
    LOOP
        share := least(missing, draw.held_microcredits);
        missing := missing - share;
        UPDATE credits_grant g
           SET held_microcredits = g.held_microcredits - draw.held_microcredits,
               used_microcredits = g.used_microcredits + share
         WHERE g.id = draw.lot_id;
        IF share > 0 THEN
            UPDATE credits_draw d SET settled_microcredits = share WHERE d.id = draw.id;
        END IF;
        INSERT INTO credits_transfer (id, group_id, group_size, debit_account_id,
            credit_account_id, amount, code, kind, pending_id, lot_id, hold_id, reference,
            request_hash, author, reason, created_at, effective_at)
        VALUES (line_ids[draw.number], end_id, draws_count, held.wallet_id,
            draw.credit_account_id, CASE WHEN share > 0 THEN share ELSE draw.held_microcredits END,
            'usage', CASE WHEN share > 0 THEN 'post' ELSE 'void' END, draw.transfer_id,
            draw.lot_id, hold, '', digest, '', why, instant, instant);
    END LOOP;
    UPDATE credits_hold h
       SET state = CASE WHEN is_settled THEN 'settled' ELSE 'released' END,
           charged_microcredits = charged, usage_source = source, consumption = used,
           settled_context_tokens = context_length, reason = why, resolved_at = instant
     WHERE h.id = hold;
END $$
"""

FUNCTIONS = {
    "credits_place": PLACE,
    "credits_charge": PRICE,
    "credits_end": END,
}
