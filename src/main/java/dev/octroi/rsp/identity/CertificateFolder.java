package dev.octroi.rsp.identity;

import static java.util.Objects.requireNonNull;

import dev.octroi.secret.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder with the certificates, keys and revocation lists of this server, sub-folders included. Names mean nothing,
 * but those that begin with a dot are left alone (as mounted secrets have them).
 */
public final class CertificateFolder {
    private static final int MAX_DEPTH = 6;
    private static final int MAX_FILES = 2_000;
    private static final long MAX_FILE_BYTES = 4 << 20;

    private final Path folder;

    /** The folder, which need not be there yet. */
    public CertificateFolder(Path folder) {
        this.folder = requireNonNull(folder, "folder is null");
    }

    /**
     * Reads all files and chooses the server's certificates among them.
     *
     * @param oid the registered identifier of the server, or empty for the only one with certificates and keys
     * @param usualOid chosen among several when none is wanted
     * @param grace how long after their end revocation lists are still believed
     * @throws UnusableCertificatesException when the files are no whole set
     */
    public LoadedIdentity load(Optional<String> oid, String usualOid, Duration grace, Instant now)
            throws IOException, UnusableCertificatesException {
        return new CertificateSet(read(), grace, now).identity(oid, usualOid);
    }

    private FolderContent read() throws IOException {
        MessageDigest digest = Sha256.digest();
        FileParser parser = new FileParser();
        List<String> broken = new ArrayList<>();
        for (Path file : files()) {
            String name = folder.relativize(file).toString();
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new IOException("too large for a certificate, key or revocation list: " + name);
            }
            byte[] content = Files.readAllBytes(file);
            digest.update(name.getBytes(StandardCharsets.UTF_8));
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, content.length));
            digest.update(content);
            if (!parser.take(content)) {
                broken.add(name);
            }
        }
        return new FolderContent(
                HexFormat.of().formatHex(digest.digest()),
                parser.certificates(),
                parser.keys(),
                parser.revocationLists(),
                broken);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> walk = Files.walk(folder, MAX_DEPTH, FileVisitOption.FOLLOW_LINKS)) {
            List<Path> files = walk.filter(file -> !isHidden(file))
                    .filter(Files::isRegularFile)
                    .limit(MAX_FILES + 1L)
                    .sorted()
                    .toList();
            if (files.size() > MAX_FILES) {
                throw new IOException("more than " + MAX_FILES + " files in " + folder);
            }
            return files;
        } catch (java.io.UncheckedIOException e) {
            throw new IOException("cannot read " + folder, e);
        }
    }

    private boolean isHidden(Path file) {
        for (Path part : folder.relativize(file)) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
