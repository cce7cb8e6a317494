"""The dial plan: which number is whom or what, as data per PBX profile."""
