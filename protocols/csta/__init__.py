"""CSTA phase III in XML: ECMA-269 (services), ECMA-323 (XML), uaCSTA and the NOTIFY dialect.

No socket, loop or clock. From the wire upwards: `framing` cuts the stream, `tree` reads and writes
XML, `tags` knows both spellings of every name, `schema` maps elements to typed messages, `services`
and `events` are those messages, `codec` joins the above. `session` holds the two ends of a link,
`view` turns events and snapshots into the calls of one device, `dialects` holds what differs
between platforms.
"""
