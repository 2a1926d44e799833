package dev.octroi.app;

import dev.octroi.access.SigningKeys;
import dev.octroi.secret.Keyring;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificates, revocation lists and signing keys, read again because another process may have changed them. Each part
 * apart: one file that is spoilt or out of date must not freeze the lists by which all partners are judged.
 */
final class Credentials {
    private static final Logger log = LoggerFactory.getLogger(Credentials.class);
    private static final int TIMEOUT_SECONDS = 20;

    private final List<Part> parts;
    private final AtomicBoolean running = new AtomicBoolean();

    private record Part(String what, Work work) {}

    /** Work that reads and writes files. */
    private interface Work {
        void run() throws Exception;
    }

    Credentials(Trust trust, Listeners listeners, SigningKeys keys, Keyring keyring) {
        List<Part> all = new ArrayList<>();
        all.add(new Part("our own revocation lists", trust.pki()::keepFresh));
        all.add(new Part("partners' anchors and revocation lists", trust.partners()::reload));
        all.add(new Part(
                "certificates of the listeners",
                () -> Blocking.await("TLS reload", listeners.refreshTls(), TIMEOUT_SECONDS)));
        trust.outgoing().forEach((use, tls) -> all.add(new Part("certificates towards " + use, tls::refresh)));
        all.add(new Part("signing keys", keys::reload));
        all.add(new Part("keys that seal", keyring::reload));
        parts = List.copyOf(all);
    }

    /** Reads all again; blocking. A round that is late is not met by the next one. */
    void refresh() {
        if (running.compareAndSet(false, true)) {
            try {
                readAll();
            } finally {
                running.set(false);
            }
        }
    }

    private void readAll() {
        for (Part part : parts) {
            try {
                part.work().run();
            } catch (Exception e) {
                log.warn("{} were not read again, the old ones stay", part.what(), e);
            }
        }
    }
}
