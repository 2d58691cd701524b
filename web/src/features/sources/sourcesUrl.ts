// What the page of sources keeps in its address.
import { choice, defineUrl, text, word } from "@/lib/urlState";

export const orders = ["records", "unmapped", "last"] as const;

export const sourcesUrl = defineUrl({
  order: choice(orders, "records"),
  /** The channel that is open beside the list: a device's id and the channel's name */
  of: word(/^[0-9a-f]{40}$/),
  channel: text(),
});
