import { start } from "lib/loader"

start()
