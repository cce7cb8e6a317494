"""Another phone of the user, a mobile or one at home: work calls go there, and begin from there."""
