import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

/** Words that people read live in the catalogues: no letters between tags in a component. */
const noTextInMarkup = {
  selector: "JSXText[value=/[A-Za-z]{2,}/]",
  message: "Put the text into src/i18n/*.json and use t().",
};

/** The core must run in any front-end: no framework, no import from the apps. */
const coreIsFrameworkFree = {
  patterns: [
    { group: ["react", "react-*", "@offhook/webapp*"], message: "sdk stays framework-free." },
  ],
};

export default tseslint.config(
  {
    ignores: [
      "**/dist/**",
      "**/node_modules/**",
      ".venv/**",
      "build/**",
      "emulator/**",
      "docs/**",
      "sdk/src/api/schema.ts",
    ],
  },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ["./tsconfig.json", "./pwa/tsconfig.json"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/dot-notation": "off",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/no-unnecessary-condition": [
        "error",
        { allowConstantLoopConditions: true },
      ],
      "no-console": "error",
      "max-lines": ["error", { max: 500 }],
    },
  },
  {
    files: ["{ui,webapp,admin}/src/**/*.tsx"],
    plugins: { "react-hooks": reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      "no-restricted-syntax": ["error", noTextInMarkup],
    },
  },
  {
    files: ["sdk/src/**/*.ts"],
    rules: { "no-restricted-imports": ["error", coreIsFrameworkFree] },
  },
  {
    files: ["**/*.test.{ts,tsx}", "sdk/src/testing/**", "{webapp,admin}/src/testing/**"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/unbound-method": "off",
      "no-restricted-syntax": "off",
    },
  },
  {
    files: ["**/*.{js,mjs}"],
    languageOptions: {
      globals: {
        process: "readonly",
        console: "readonly",
        URL: "readonly",
        Buffer: "readonly",
        setTimeout: "readonly",
      },
    },
  },
);
