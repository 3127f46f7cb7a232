package dev.latchkey.platform.startup;

/**
 * Why this instance must not start.
 *
 * @param setting the property or the environment variable
 * @param problem what is wrong with it, as the end of a sentence that begins with its name; quotes no secret
 * @param remedy what to do, as a whole sentence
 */
public record StartupFault(String setting, String problem, String remedy) {

    @Override
    public String toString() {
        return setting + " " + problem + ". " + remedy;
    }
}
