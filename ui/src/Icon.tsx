/** One set, drawn on a 24 grid with a 2 px stroke. Always beside a label or inside a named button. */
const PATHS = {
  phone:
    "M6.6 3.5h3l1.6 4.2-2 1.6a12 12 0 0 0 5.5 5.5l1.6-2 4.2 1.6v3a2 2 0 0 1-2.2 2A16.5 16.5 0 0 1 4.6 5.7a2 2 0 0 1 2-2.2z",
  hangup:
    "M3 14.2c-.9-.9-.9-2.3 0-3.3 5-4.6 13-4.6 18 0 .9 1 .9 2.4 0 3.3l-1 1c-.6.6-1.5.6-2.1.1l-2-1.6c-.5-.4-.7-1-.6-1.6l.2-1.6a11.5 11.5 0 0 0-7 0l.2 1.6c.1.6-.1 1.2-.6 1.6l-2 1.6c-.6.5-1.5.5-2.1-.1z",
  people:
    "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 21c0-4 3-6.5 7-6.5s7 2.5 7 6.5M16.5 3.5a4 4 0 0 1 0 7M18.5 15c2.2.9 3.5 3 3.5 6",
  book: "M6 3h12a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H6zM6 3v18M3.5 8H6M3.5 12H6M3.5 16H6M12.5 11a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM9.5 16c0-2 1.3-3 3-3s3 1 3 3",
  recents: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.2l3.2 2.3",
  voicemail: "M6 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM18 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM6 16h12",
  mic: "M9 6a3 3 0 0 1 6 0v5.5a3 3 0 0 1-6 0zM5 11.5a7 7 0 0 0 14 0M12 18.5V22",
  micOff:
    "M9 9.5v2a3 3 0 0 0 5 2.2M15 11V6a3 3 0 0 0-5.8-1.1M5 11.5a7 7 0 0 0 11.5 5.4M19 11.5a7 7 0 0 1-.6 2.8M12 18.5V22M3 3l18 18",
  pause: "M9 5v14M15 5v14",
  play: "M8 5v14l11-7z",
  add: "M12 5v14M5 12h14",
  transfer: "M4 17.5V14a4 4 0 0 1 4-4h12M15.5 5.5L20 10l-4.5 4.5",
  swap: "M7 4v15M3.5 15.5L7 19l3.5-3.5M17 20V5M13.5 8.5L17 5l3.5 3.5",
  back: "M20 17.5V14a4 4 0 0 0-4-4H4M8.5 5.5L4 10l4.5 4.5",
  move: "M3 5.5h11v9H3zM6 18.5h5M8.5 14.5v4M17 9h4v9.5h-6V17",
  park: "M8 20V4h5a4.5 4.5 0 0 1 0 9H8",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l5 5",
  close: "M6 6l12 12M18 6L6 18",
  backspace: "M9 5h11a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H9l-6-7zM12 9.5l5 5M17 9.5l-5 5",
  incoming: "M19 5L6 18M6 9v9h9",
  outgoing: "M6 18L19 5M10 5h9v9",
  missed: "M4 7l8 8 8-8M4 13V7h6",
  check: "M4.5 12.5l5 5L19.5 7",
  alert:
    "M12 8v5.5M12 17h.01M10.3 3.9L2.4 17.5A2 2 0 0 0 4.1 20.5h15.8a2 2 0 0 0 1.7-3L13.7 3.9a2 2 0 0 0-3.4 0z",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 8h.01",
  sound: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11",
  bell: "M6 10a6 6 0 0 1 12 0v4.5l2 2.5H4l2-2.5zM10 20.5h4",
  line: "M4 18.5h16M7 18.5v-6h10v6M9 12.5V7a3 3 0 0 1 6 0v5.5",
  chevron: "M9 5l7 7-7 7",
  moon: "M20 14.5A8.5 8.5 0 1 1 9.5 4 7 7 0 0 0 20 14.5z",
  signOut: "M14 4H6a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h8M10 12h11M17.5 8l4 4-4 4",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  trash: "M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13M10 11v5.5M14 11v5.5",
  menu: "M4 6.5h16M4 12h16M4 17.5h16",
  gauge: "M4 18a9 9 0 1 1 16 0M12 14l4-5",
  upload: "M12 15V4M7.5 8.5L12 4l4.5 4.5M4 15v5h16v-5",
  download: "M12 4v11M7.5 10.5L12 15l4.5-4.5M4 15v5h16v-5",
  key: "M8 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM12.5 12H21v4M17.5 12v3",
  shield: "M12 3l8 3v5.5c0 5-3.4 8.2-8 9.5-4.6-1.3-8-4.5-8-9.5V6z",
  chart: "M4 4v16h16M8 16v-4M12.5 16V8M17 16v-6",
  settings: "M4 7h10M18 7h2M16 5v4M4 17h2M10 17h10M8 15v4",
  building: "M5 21V4h9v17M14 9h5v12M3 21h18M8.5 8h2M8.5 12h2M8.5 16h2",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  edit: "M4 20l1-4L16.5 4.5l3 3L8 19z",
  mail: "M3.5 6h17v12h-17zM3.5 7l8.5 6.5L20.5 7",
  weak: "M3 17c3-1 4-9 6-9s2 9 4 9 3-6 4.5-6S20 14 21 15",
} as const;

const KEYPAD_DOTS = [5, 12, 19];

export type IconName = keyof typeof PATHS | "keypad";

export function Icon({ name, size = 22 }: { name: IconName; size?: number }) {
  if (name === "keypad") {
    return (
      <svg width={size} height={size} viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
        {KEYPAD_DOTS.flatMap((y) =>
          KEYPAD_DOTS.map((x) => <circle key={`${x}-${y}`} cx={x} cy={y} r={2.1} />),
        )}
      </svg>
    );
  }
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === "more" ? 3 : 2}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
