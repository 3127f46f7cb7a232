package dev.latchkey.platform.html;

/** Texts in pages. */
public final class Html {

    private Html() {}

    /** The text as it stands between tags, or in an attribute between quotes. */
    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
