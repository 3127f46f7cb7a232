package dev.latchkey.platform.sealing;

import dev.latchkey.platform.crypto.KeysetException;
import dev.latchkey.platform.crypto.Sealer;
import dev.latchkey.platform.startup.StartupCheck;
import dev.latchkey.platform.startup.StartupFault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.util.List;

/** The keyset can be read, and has every key that a stored secret needs. */
@ApplicationScoped
class KeysetCheck implements StartupCheck {

    private final Instance<Sealer> sealer;
    private final SealedRows rows;

    // The sealer is made when it is asked: a keyset that cannot be read is one fault of several.
    KeysetCheck(Instance<Sealer> sealer, SealedRows rows) {
        this.sealer = sealer;
        this.rows = rows;
    }

    @Override
    public List<StartupFault> faults() {
        try {
            // Any call: a proxy makes what it stands for when it is first called.
            sealer.get().primaryKeyId();
            return List.of();
        } catch (KeysetException e) {
            return List.of(new StartupFault(
                    e.setting(),
                    e.problem(),
                    "Set LATCHKEY_KEYSET to a Tink AEAD keyset in JSON, or LATCHKEY_KEYSET_FILE to a file with one"
                            + " (docs/operations.md says how to make it)."));
        }
    }

    @Override
    public List<StartupFault> faultsWithDatabase() {
        var present = sealer.get().keyIds();
        return rows.count().stream()
                .filter(count -> !present.contains(count.keyId()))
                .map(KeysetCheck::missing)
                .toList();
    }

    private static StartupFault missing(SealedRows.Count count) {
        return new StartupFault(
                "LATCHKEY_KEYSET",
                "lacks the key " + count.keyId() + ", which sealed " + count.rows() + " rows of " + count.table(),
                "Put that key back, not as the primary one, and take it away when the metric latchkey_sealed_rows shows no"
                        + " row of it.");
    }
}
