"""Mailboxes and the end of a recording."""

from pathlib import Path

from emulator.voicemail.mwi import summary
from emulator.voicemail.recording import MessageSink, trimmed
from emulator.voicemail.scripts import count_words
from emulator.voicemail.store import Mailbox
from media.audio import tones, wav

SPEECH = tones.sine(300, 1.0)


def box(folder: Path | None = None, limit: int = 50) -> tuple[Mailbox, list[tuple[int, int]]]:
    told: list[tuple[int, int]] = []
    mailbox = Mailbox("101", lambda b: told.append((len(b.new), len(b.old))), limit, folder)
    return mailbox, told


def test_a_message_goes_from_new_to_old_to_nothing() -> None:
    mailbox, told = box()
    message = mailbox.add(SPEECH, "102", "Berta", 5.0)
    mailbox.mark_heard(message.id)
    mailbox.mark_heard(message.id)
    mailbox.delete(message.id)
    mailbox.delete(message.id)
    assert told == [(1, 0), (0, 1), (0, 0)]
    assert mailbox.audio(message.id) == b""


def test_a_full_box_drops_heard_messages_first() -> None:
    mailbox, _ = box(limit=2)
    first, second = (mailbox.add(SPEECH, "102", "", float(n)) for n in range(2))
    mailbox.mark_heard(second.id)
    third = mailbox.add(SPEECH, "102", "", 2.0)
    assert [m.id for m in mailbox.messages] == [first.id, third.id]
    mailbox.add(SPEECH, "102", "", 3.0)
    assert first.id not in [m.id for m in mailbox.messages]


def test_messages_survive_a_restart_and_lost_sound_does_not_hurt(tmp_path: Path) -> None:
    mailbox, _ = box(tmp_path / "101")
    kept, lost = (mailbox.add(SPEECH, "102", "Berta Schulz", float(n)) for n in range(2))
    mailbox.mark_heard(kept.id)
    (tmp_path / "101" / f"{lost.id}.wav").unlink()
    again, told = box(tmp_path / "101")
    again.load()
    assert [(m.id, m.heard, m.from_name) for m in again.messages] == [(1, True, "Berta Schulz")]
    assert again.audio(kept.id) == SPEECH and told == []


def test_an_unreadable_index_is_an_empty_box(tmp_path: Path) -> None:
    (tmp_path / "index.json").write_text('[{"id": 1}]')
    mailbox, _ = box(tmp_path)
    mailbox.load()
    assert mailbox.messages == []


def test_a_pause_ends_the_recording_and_is_cut_off() -> None:
    sink = MessageSink(10, 0.5)
    for start in range(0, len(SPEECH), 320):
        sink.write(SPEECH[start : start + 320])
    for _ in range(25):
        assert not sink.done.is_set()
        sink.write(bytes(320))
    assert sink.done.is_set()
    message = sink.message()
    assert message is not None and len(SPEECH) <= len(message) <= len(SPEECH) + 3200
    sink.write(SPEECH)
    assert sink.message() == message  # the tape has stopped


def test_the_tape_ends_and_silence_is_no_message() -> None:
    sink = MessageSink(1, 5)
    sink.write(SPEECH)
    assert sink.done.is_set()
    silent = MessageSink(10, 1)
    silent.write(bytes(16000))
    assert silent.done.is_set() and silent.message() is None
    short = MessageSink(10, 1)
    short.write(tones.sine(300, 0.05) + bytes(640))
    assert short.message() is None or len(short.message() or b"") >= 8000
    assert trimmed(bytes(1000)) == b""


def test_the_menu_counts_aloud() -> None:
    assert wav.prompt("voicemail-no-new") in count_words(0)
    assert wav.prompt("voicemail-one-new") in count_words(1)
    assert wav.prompt("number-9") in count_words(9)
    assert wav.prompt("number-many") in count_words(10)


def test_the_lamp_body() -> None:
    mailbox, _ = box()
    assert summary(mailbox, "sip:199@pbx.test").startswith(b"Messages-Waiting: no\r\n")
    mailbox.mark_heard(mailbox.add(SPEECH, "1", "", 0).id)
    mailbox.add(SPEECH, "1", "", 0)
    assert summary(mailbox, "sip:199@pbx.test") == (
        b"Messages-Waiting: yes\r\nMessage-Account: sip:199@pbx.test\r\n"
        b"Voice-Message: 1/1 (0/0)\r\n"
    )
