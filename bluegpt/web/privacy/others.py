"""What holds for data about other people, in our words."""

from django.utils.translation import gettext_lazy as _

OTHERS = (
    (
        _("They should agree"),
        _(
            "What you write or attach about somebody else goes to the company whose model you"
            " choose. Ask them first, or leave out what tells who they are."
        ),
    ),
    (
        _("Some things stay out"),
        _(
            "Do not send what is about somebody else’s health, beliefs, origin, love life or"
            " convictions, unless they asked you to or the law allows it."
        ),
    ),
    (
        _("At home, and at work"),
        _(
            "For your own household you may write about your family and friends. Whoever writes"
            " about customers, pupils or colleagues answers for it under data-protection law."
        ),
    ),
    (
        _("It is kept as yours"),
        _(
            "It stands in your conversation, encrypted under your key, and ends with it. Nothing"
            " is looked up about the other person, and no profile of them is made."
        ),
    ),
    (
        _("If you are the other person"),
        _(
            "Write to us: the rights of this page are yours too, and your request runs on the same"
            " clock. Conversations are encrypted, so tell us who may have written about you."
        ),
    ),
)
