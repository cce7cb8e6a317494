#!/bin/sh
# Makes the prompts and the music on hold anew. Needs espeak-ng and sox; writes beside itself.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { # name, text
  espeak-ng -v en-us -s 155 -p 42 -g 2 -w "$work/say.wav" "$2"
  sox "$work/say.wav" -r 8000 -c 1 -b 16 "$1.wav" \
    highpass 120 lowpass 3600 silence 1 0.01 0.3% reverse silence 1 0.01 0.3% reverse \
    norm -6 pad 0.05 0.15
}

say speaker "Hello. This is the desk phone of Deniz Meyer. If you hear me, the line works. I can hear you too."
say echo "This is the echo test. Whatever you say now comes back to you."
say unknown-number "Sorry. There is no phone with this number."
say voicemail-greeting "Nobody can take your call right now. Please leave a message after the tone, and press the hash key when you are done."
say voicemail-you-have "You have"
say voicemail-no-new "no new messages."
say voicemail-one-new "one new message."
say voicemail-new "new messages."
say voicemail-saved "No saved messages either."
say voicemail-main "To listen, press one. To hang up, press star."
say voicemail-after "To hear it again, press one. For the next message, press two. To delete it, press three."
say voicemail-deleted "Deleted."
say voicemail-no-more "There are no more messages."
say voicemail-goodbye "Goodbye."
say voicemail-unknown-key "This key does nothing here."
say voicemail-thanks "Thank you. Your message is stored."
say voicemail-too-short "Nothing was recorded."
say number-2 "two"
say number-3 "three"
say number-4 "four"
say number-5 "five"
say number-6 "six"
say number-7 "seven"
say number-8 "eight"
say number-9 "nine"
say number-many "more than nine"

# Music on hold: a slow figure of plucked notes over two chords, twelve seconds, made for looping.
notes="C4 E4 G4 B4 G4 E4 A3 C4 E4 G4 E4 C4 F3 A3 C4 E4 C4 A3 G3 B3 D4 F4 D4 B3"
index=0
for note in $notes; do
  sox -n -r 8000 -c 1 -b 16 "$work/n$(printf %02d $index).wav" synth 0.5 pluck "$note" fade t 0 0.5 0.08
  index=$((index + 1))
done
sox "$work"/n*.wav -r 8000 -c 1 -b 16 music-on-hold.wav lowpass 3000 norm -12
