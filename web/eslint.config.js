import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const colour = "Literal[value=/#[0-9a-fA-F]{3,8}\\b|rgba?\\(/]";

export default tseslint.config(
  { ignores: ["dist", "src/api/gen"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    plugins: { "react-hooks": hooks },
    rules: {
      ...hooks.configs.recommended.rules,
      "no-restricted-syntax": [
        "error",
        {
          selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
          message: "Event text is hostile: text nodes only.",
        },
        {
          selector: "JSXSpreadAttribute[argument.type='MemberExpression']",
          message: "Name the attributes.",
        },
      ],
      "@typescript-eslint/no-non-null-assertion": "error",
    },
  },
  {
    // Colours stand in app/theme.ts alone.
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/app/theme.ts", "src/**/*.test.{ts,tsx}"],
    rules: {
      "no-restricted-syntax": [
        "error",
        { selector: colour, message: "Colours stand in app/theme.ts." },
        {
          selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
          message: "Event text is hostile: text nodes only.",
        },
      ],
    },
  },
  {
    // Parts know no feature; the API knows nothing but itself.
    files: ["src/components/**", "src/lib/**", "src/api/**"],
    rules: { "no-restricted-imports": ["error", { patterns: ["@/features/*", "@/app/routes"] }] },
  },
);
