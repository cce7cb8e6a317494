import { type Contact, groupNumber } from "@offhook/sdk";
import { dialOf } from "@offhook/sdk/contacts";

/** A number as people read it. */
export function shownNumber(one: Contact["numbers"][number]): string {
  return one.number.display || groupNumber(dialOf(one));
}
