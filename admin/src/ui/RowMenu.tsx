import { Button } from "react-aria-components/Button";
import { Menu, MenuItem, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { Icon } from "@offhook/ui/Icon.tsx";
import styles from "./RowMenu.module.css";

export interface Act {
  id: string;
  label: string;
  danger?: boolean;
  work: () => void;
}

/** What can be done to one row. What cannot be done now is not in it. */
export function RowMenu({ label, acts }: { label: string; acts: readonly Act[] }) {
  if (acts.length === 0) return null;
  return (
    <MenuTrigger>
      <Button aria-label={label} className={styles.trigger ?? ""}>
        <Icon name="more" size={20} />
      </Button>
      <Popover className={styles.popover ?? ""} placement="bottom end">
        <Menu
          className={styles.menu ?? ""}
          aria-label={label}
          onAction={(id) => acts.find((act) => act.id === id)?.work()}
        >
          {acts.map(({ id, label: words, danger }) => (
            <MenuItem
              key={id}
              id={id}
              className={styles.item ?? ""}
              data-danger={danger === true ? "true" : undefined}
            >
              {words}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
