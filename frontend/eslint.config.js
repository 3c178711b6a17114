import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist", "dist.new", "src/api/schema.d.ts"] },
  {
    files: ["src/**/*.{ts,tsx}"],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "react-hooks": reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "max-lines": ["warn", { max: 220, skipComments: true, skipBlankLines: true }],
    },
  },
  {
    // A test id is for tests: code that finds an element by one breaks when a test is rewritten.
    files: ["src/**/*.{ts,tsx}"],
    rules: {
      "no-restricted-syntax": [
        "error",
        { selector: "Literal[value=/data-testid/]", message: "Find it by an id of its own." },
        { selector: "TemplateElement[value.raw=/data-testid/]", message: "Find it by an id of its own." },
      ],
    },
  },
  // What lies below imports nothing from above.
  below("src/components/ui/**", ["@/*", "../*"]),
  below("src/state/**", ["@/components/*", "@/hooks/*", "@/logs/*", "@/services", "react"]),
  below("src/api/**", ["@/components/*", "@/hooks/*", "@/logs/*", "@/services", "@/state/*", "react"]),
);

function below(files, group) {
  const message = "This folder lies below the other.";
  return { files: [files], rules: { "no-restricted-imports": ["error", { patterns: [{ group, message }] }] } };
}
