import type { ReactNode } from "react";
import styles from "./Table.module.css";

export interface Column<Row> {
  title: string;
  cell: (row: Row) => ReactNode;
  /** Numbers stand under each other. */
  number?: boolean;
  /** Short, and read at a glance: it is never broken into lines. */
  whole?: boolean;
}

interface Props<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
}

/** A table of some dozens of rows; in a narrow window each row becomes a card. */
export function Table<Row>({ label, columns, rows, keyOf }: Props<Row>) {
  return (
    <table className={styles.table} aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ title, number }, index) => (
            <th key={index} scope="col" data-number={number}>
              {title === "" ? <span className="visually-hidden">{label}</span> : title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ title, cell, number, whole }, index) => (
              <td key={index} data-title={title} data-number={number} data-whole={whole}>
                <div>{cell(row)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
