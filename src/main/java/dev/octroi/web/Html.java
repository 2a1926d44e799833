package dev.octroi.web;

import static java.util.Objects.requireNonNull;

/** Builds HTML: markup that we wrote, text that others wrote, never confused. */
public final class Html {
    private final StringBuilder out = new StringBuilder(8_192);

    /** Adds markup as it is: only literals of ours. */
    public Html raw(String markup) {
        out.append(requireNonNull(markup, "markup is null"));
        return this;
    }

    /** Adds text, escaped for element content and quoted attributes. */
    public Html text(String text) {
        escape(requireNonNull(text, "text is null"), out);
        return this;
    }

    /** Adds a number. */
    public Html number(long number) {
        out.append(number);
        return this;
    }

    /** Adds an element with text in it. */
    public Html element(String name, String text) {
        return raw("<").raw(name).raw(">").text(text).raw("</").raw(name).raw(">");
    }

    /** Text escaped for element content and quoted attributes. */
    public static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        escape(text, escaped);
        return escaped.toString();
    }

    @Override
    public String toString() {
        return out.toString();
    }

    private static void escape(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
    }
}
