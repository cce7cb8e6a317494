"""The command line: one program that runs each part, the demo and the doctor."""
