package dev.octroi.rsp.identity;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.asn1.TlvLimits;
import dev.octroi.rsp.cert.RspCertificate;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.jspecify.annotations.Nullable;

/**
 * Tells by content what a file holds: certificates, keys (PKCS #8 or SEC 1, with or without the block of curve
 * parameters) and revocation lists, in PEM or DER. Whatever else lies in a folder (requests, public keys, notes) is left
 * alone, and so are certificates and keys on other curves.
 */
final class FileParser {
    private static final TlvLimits LIMITS = new TlvLimits(4 * 1024 * 1024, 24, 400_000);
    private static final String PEM_BEGIN = "-----BEGIN ";

    private final List<RspCertificate> certificates = new ArrayList<>();
    private final List<FoundKey> keys = new ArrayList<>();
    private final List<byte[]> revocationLists = new ArrayList<>();

    /**
     * Takes a file.
     *
     * @return false when it begins like one of ours and cannot be read to its end
     */
    boolean take(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        if (text.contains(PEM_BEGIN)) {
            return takePem(text);
        }
        return content.length == 0 || content[0] != 0x30 || takeDer(content);
    }

    private boolean takePem(String text) {
        byte @Nullable [] curve = null;
        try (PemReader reader = new PemReader(new StringReader(text.substring(text.indexOf(PEM_BEGIN))))) {
            for (PemObject block = reader.readPemObject(); block != null; block = reader.readPemObject()) {
                byte[] content = block.getContent();
                switch (block.getType()) {
                    case "EC PARAMETERS" -> curve = content;
                    case "EC PRIVATE KEY" -> KeyParser.sec1(content, curve).ifPresent(keys::add);
                    case "PRIVATE KEY" -> KeyParser.pkcs8(content).ifPresent(keys::add);
                    case "CERTIFICATE", "X509 CRL" -> {
                        if (!takeDer(content)) {
                            return false;
                        }
                    }
                    default -> {
                        // Requests and public keys.
                    }
                }
            }
            return true;
        } catch (IOException | RuntimeException e) {
            // The reader tells of broken Base64 by an unchecked exception.
            return false;
        }
    }

    private boolean takeDer(byte[] der) {
        Tlv element;
        try {
            element = Tlv.parse(der, LIMITS);
        } catch (MalformedTlvException e) {
            return false;
        }
        List<Tlv> parts = element.children();
        if (parts.isEmpty()) {
            return true;
        }
        if (parts.size() == 3 && parts.get(0).tag() == 0x30 && parts.get(2).tag() == 0x03) {
            takeSigned(der, parts.get(0));
        } else if (parts.get(0).tag() == 0x02 && parts.size() >= 2) {
            Optional<FoundKey> key = parts.get(1).tag() == 0x04 ? KeyParser.sec1(der, null) : KeyParser.pkcs8(der);
            key.ifPresent(keys::add);
        }
        return true;
    }

    /** A certificate says its version or its number first and its validity in the fourth place; a list says its time. */
    private void takeSigned(byte[] der, Tlv signedPart) {
        boolean list = signedPart.children().stream().anyMatch(field -> field.tag() == 0x17 || field.tag() == 0x18);
        if (list) {
            revocationLists.add(der);
            return;
        }
        try {
            certificates.add(RspCertificate.parse(der));
        } catch (MalformedTlvException unsupported) {
            // Well formed but none of ours: another curve, another version, something critical that is not known.
        }
    }

    List<RspCertificate> certificates() {
        return certificates;
    }

    List<FoundKey> keys() {
        return keys;
    }

    List<byte[]> revocationLists() {
        return revocationLists;
    }
}
