"""The two ends of a CSTA link: messages and the time go in, actions come out."""
