package dev.latchkey.credential;

import java.time.Instant;
import java.util.Optional;

/**
 * A credential, and what an examiner wants to know beyond its snapshot.
 *
 * @param display how its owner knows it again: the first characters of its text
 * @param secretSince since when its present text is in use
 */
public record CredentialSummary(
        Credential credential,
        String display,
        Instant createdAt,
        Instant secretSince,
        Optional<Instant> supersededAt) {}
