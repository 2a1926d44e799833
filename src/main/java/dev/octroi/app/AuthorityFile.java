package dev.octroi.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;

/** The file of the authorities that a server's certificate has to come from. */
final class AuthorityFile {
    private AuthorityFile() {}

    /**
     * Has a file without certificates stop the start, and not each connection after it.
     *
     * @param setting that names the file
     * @throws SettingsException when it cannot be read as certificates in PEM, or has none
     */
    static void check(String setting, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            if (CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
                throw new SettingsException(setting + " has no certificate: " + file);
            }
        } catch (IOException | CertificateException e) {
            throw new SettingsException(setting + " cannot be read as certificates in PEM: " + file, e);
        }
    }
}
