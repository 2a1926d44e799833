package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.ObjectId;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.asn1.TlvLimits;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Takes a bound profile package segment by segment, as it comes over ES10b.LoadBoundProfilePackage (SGP.22 v2.5
 * §2.5.5), and gives the profile at the end.
 */
final class BoundPackageReader {
    /** Where in the package the card is: BppCommandId. */
    enum Command {
        INITIALISE_SECURE_CHANNEL(0, 0xBF23),
        CONFIGURE_ISDP(1, 0xA0),
        STORE_METADATA(2, 0xA1),
        REPLACE_SESSION_KEYS(4, 0xA2),
        LOAD_PROFILE_ELEMENTS(5, 0xA3);

        private final int id;
        private final int tag;

        Command(int id, int tag) {
            this.id = id;
            this.tag = tag;
        }

        int id() {
            return id;
        }
    }

    private static final int OUTER = 0xBF36;
    private static final int MAX_PROFILE_BYTES = 1024 * 1024;
    private static final int MAX_PROPRIETARY_BYTES = 128;
    private static final int KEY_BYTES = 16;

    private final VirtualEuicc card;
    private final CardSession.Authenticated server;
    private final CardSession.Prepared prepared;
    private final ByteArrayOutputStream metadataBytes = new ByteArrayOutputStream();
    private final ByteArrayOutputStream profileBytes = new ByteArrayOutputStream();

    private Command command = Command.INITIALISE_SECURE_CHANNEL;
    private int outerRest = -1;
    private int groupRest;
    private SecureChannel channel = new SecureChannel(new byte[KEY_BYTES], new byte[KEY_BYTES], new byte[KEY_BYTES]);
    private Optional<ProfileMetadata> metadata = Optional.empty();

    BoundPackageReader(VirtualEuicc card, CardSession.Authenticated server, CardSession.Prepared prepared) {
        this.card = card;
        this.server = server;
        this.prepared = prepared;
    }

    Command command() {
        return command;
    }

    Optional<ProfileMetadata> metadata() {
        return metadata;
    }

    int profileBytes() {
        return profileBytes.size();
    }

    /** Takes the next segment; present when the package is complete. */
    Optional<ProfilePackage> accept(byte[] segment) throws CardRefusal {
        try {
            int at = 0;
            if (outerRest < 0) {
                Header outer = Header.read(segment, 0);
                require(outer.tag() == OUTER, "not a bound profile package");
                outerRest = outer.length();
                at = outer.end();
                outerRest -= segment.length - at;
                acceptRequest(Tlv.parse(Arrays.copyOfRange(segment, at, segment.length)));
                return Optional.empty();
            }
            outerRest -= segment.length;
            require(outerRest >= 0, "longer than it says");
            if (groupRest == 0) {
                at = enterGroup(Header.read(segment, 0));
                if (at == segment.length) {
                    return Optional.empty();
                }
            }
            byte[] rest = Arrays.copyOfRange(segment, at, segment.length);
            acceptSegment(Tlv.parse(rest, TlvLimits.MESSAGE));
            return outerRest == 0 ? Optional.of(finish()) : Optional.empty();
        } catch (MalformedTlvException e) {
            throw new CardRefusal(ErrorReason.SCP03T_STRUCTURE_ERROR, "malformed: " + e.getMessage());
        }
    }

    /** Tag and length at the beginning of a segment whose value may come later. */
    private record Header(int tag, int length, int end) {
        static Header read(byte[] bytes, int from) throws CardRefusal {
            try {
                int at = from;
                int tag = bytes[at++] & 0xFF;
                if ((tag & 0x1F) == 0x1F) {
                    tag = (tag << 8) | (bytes[at++] & 0xFF);
                }
                int length = bytes[at++] & 0xFF;
                if (length > 0x80) {
                    int octets = length & 0x7F;
                    length = 0;
                    for (int i = 0; i < octets; i++) {
                        length = (length << 8) | (bytes[at++] & 0xFF);
                    }
                    require(octets <= 3, "length too long");
                }
                return new Header(tag, length, at);
            } catch (ArrayIndexOutOfBoundsException e) {
                throw new CardRefusal(ErrorReason.SCP03T_STRUCTURE_ERROR, "segment ends in a header");
            }
        }
    }

    private int enterGroup(Header group) throws CardRefusal {
        Command next = switch (command) {
            case INITIALISE_SECURE_CHANNEL -> Command.CONFIGURE_ISDP;
            case CONFIGURE_ISDP -> Command.STORE_METADATA;
            case STORE_METADATA ->
                group.tag() == Command.REPLACE_SESSION_KEYS.tag
                        ? Command.REPLACE_SESSION_KEYS
                        : Command.LOAD_PROFILE_ELEMENTS;
            case REPLACE_SESSION_KEYS -> Command.LOAD_PROFILE_ELEMENTS;
            case LOAD_PROFILE_ELEMENTS ->
                throw new CardRefusal(ErrorReason.SCP03T_STRUCTURE_ERROR, "data after the profile elements");
        };
        leaveGroup();
        command = next;
        require(group.tag() == next.tag, "sequence %X instead of %X".formatted(group.tag(), next.tag));
        require(group.length() > 0, "empty sequence");
        groupRest = group.length();
        return group.end();
    }

    private void leaveGroup() throws CardRefusal {
        if (command == Command.STORE_METADATA) {
            ProfileMetadata read = ProfileMetadata.parse(metadataBytes.toByteArray());
            card.requireRoomFor(read);
            metadata = Optional.of(read);
        }
    }

    private void acceptSegment(Tlv segment) throws CardRefusal, MalformedTlvException {
        groupRest -= segment.rawLength();
        require(groupRest >= 0, "segment longer than its sequence");
        switch (command) {
            case CONFIGURE_ISDP -> configure(Tlv.parse(encrypted(segment, 0x87)));
            case STORE_METADATA -> {
                require(segment.tag() == 0x88, "unexpected tag in the metadata");
                metadataBytes.writeBytes(channel.openPlain(segment));
            }
            case REPLACE_SESSION_KEYS -> replaceKeys(Tlv.parse(encrypted(segment, 0x87)));
            case LOAD_PROFILE_ELEMENTS -> {
                profileBytes.writeBytes(encrypted(segment, 0x86));
                if (profileBytes.size() > Math.min(MAX_PROFILE_BYTES, card.freeBytes())) {
                    throw new CardRefusal(ErrorReason.INSUFFICIENT_MEMORY, "profile too large");
                }
            }
            case INITIALISE_SECURE_CHANNEL -> require(false, "segment outside a sequence");
        }
    }

    private byte[] encrypted(Tlv segment, int tag) throws CardRefusal {
        require(segment.tag() == tag, "unexpected tag in " + command);
        return channel.openEncrypted(segment);
    }

    /** InitialiseSecureChannelRequest: the server's one-time key, signed (SGP.22 v2.5 §5.5.1). */
    private void acceptRequest(Tlv request) throws CardRefusal, MalformedTlvException {
        request.expect(Command.INITIALISE_SECURE_CHANNEL.tag);
        Tlv operation = request.require(0x82);
        Tlv transaction = request.require(0x80);
        Tlv control = request.require(0xA6);
        Tlv serverKey = request.require(0x5F49);
        byte[] signature = request.require(0x5F37).value();
        Tlv ownKey = Tlv.of(0x5F49, CardCrypto.point(prepared.oneTimeKeys().getPublic()));
        byte[] signed = Tlv.concat(List.of(operation, transaction, control, serverKey, ownKey));
        if (!CardCrypto.verifies(prepared.curve(), prepared.bindingKey(), signature, signed)) {
            throw new CardRefusal(ErrorReason.INVALID_SIGNATURE, "smdpSign does not verify");
        }
        if (!transaction.equals(server.transactionId())) {
            throw new CardRefusal(ErrorReason.INVALID_TRANSACTION_ID, "another transaction");
        }
        if (operation.asInt() != 1) {
            throw new CardRefusal(ErrorReason.UNSUPPORTED_REMOTE_OPERATION_TYPE, "not an installation");
        }
        byte[] hostId = control.require(0x84).asBytes(1, 16);
        if (control.require(0x80).asLong() != (byte) 0x88
                || control.require(0x81).asInt() != KEY_BYTES) {
            throw new CardRefusal(ErrorReason.UNSUPPORTED_CRT_VALUES, "not AES with 128 bits");
        }
        try {
            byte[] secret = CardCrypto.agree(
                    prepared.curve(),
                    prepared.oneTimeKeys().getPrivate(),
                    CardCrypto.publicKey(prepared.curve(), serverKey.value()));
            channel = SecureChannel.derive(secret, hostId, card.eidBytes());
        } catch (GeneralSecurityException e) {
            throw new CardRefusal(ErrorReason.INCORRECT_INPUT_VALUES, "one-time key is not on the curve");
        }
    }

    private void configure(Tlv request) throws MalformedTlvException, CardRefusal {
        request.expect(0xBF24);
        Optional<Tlv> proprietary = request.find(0xB8);
        if (proprietary.isEmpty()) {
            return;
        }
        if (proprietary.get().rawLength() > MAX_PROPRIETARY_BYTES) {
            throw new CardRefusal(ErrorReason.INCORRECT_INPUT_VALUES, "proprietary data too long");
        }
        Optional<Tlv> oid = proprietary.get().find(0x06);
        if (oid.isPresent() && !ObjectId.ofBytes(oid.get().value()).dotted().equals(server.serverOid())) {
            throw new CardRefusal(ErrorReason.INCORRECT_INPUT_VALUES, "configured by another SM-DP+");
        }
    }

    private void replaceKeys(Tlv request) throws MalformedTlvException {
        request.expect(0xBF26);
        channel = new SecureChannel(
                request.require(0x80).asBytes(KEY_BYTES),
                request.require(0x81).asBytes(KEY_BYTES),
                request.require(0x82).asBytes(KEY_BYTES));
    }

    private ProfilePackage finish() throws CardRefusal {
        require(command == Command.LOAD_PROFILE_ELEMENTS && groupRest == 0, "ends before the profile");
        ProfilePackage profile = ProfilePackage.parse(profileBytes.toByteArray());
        String announced = metadata.map(ProfileMetadata::iccid).orElse("");
        if (!profile.iccid().equals(announced)) {
            throw new CardRefusal(ErrorReason.DATA_MISMATCH, "header and metadata name two profiles");
        }
        return profile;
    }

    private static void require(boolean condition, String complaint) throws CardRefusal {
        if (!condition) {
            throw new CardRefusal(ErrorReason.SCP03T_STRUCTURE_ERROR, complaint);
        }
    }
}
