package dev.latchkey.platform.crypto;

/** There is no keyset, or none that can be used. */
public final class KeysetException extends RuntimeException {

    private final String setting;
    private final String problem;

    KeysetException(String setting, String problem) {
        super(setting + " " + problem);
        this.setting = setting;
        this.problem = problem;
    }

    public String setting() {
        return setting;
    }

    /** The end of a sentence that begins with the setting; quotes no key. */
    public String problem() {
        return problem;
    }
}
