package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.ObjectId;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.asn1.TlvLimits;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Takes a bound profile package segment by segment, as it comes over ES10b.LoadBoundProfilePackage (SGP.22 v2.5
 * §2.5.5), and gives the profile at the end.
 */
final class BoundPackageReader {
    private static final int OUTER = 0xBF36;
    private static final int MAX_PROFILE_BYTES = 1024 * 1024;
    private static final int MAX_METADATA_BYTES = 4096;
    private static final int MAX_PROPRIETARY_BYTES = 128;
    private static final int KEY_BYTES = 16;

    private final VirtualEuicc card;
    private final CardSession.Authenticated server;
    private final CardSession.Prepared prepared;
    private final ByteArrayOutputStream metadataBytes = new ByteArrayOutputStream();
    private final ByteArrayOutputStream profileBytes = new ByteArrayOutputStream();

    private BppCommand command = BppCommand.INITIALISE_SECURE_CHANNEL;
    private int outerRest = -1;
    private int groupRest;
    private SecureChannel channel = new SecureChannel(new byte[KEY_BYTES], new byte[KEY_BYTES], new byte[KEY_BYTES]);
    private Optional<ProfileMetadata> metadata = Optional.empty();

    BoundPackageReader(VirtualEuicc card, CardSession.Authenticated server, CardSession.Prepared prepared) {
        this.card = card;
        this.server = server;
        this.prepared = prepared;
    }

    BppCommand command() {
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
            if (outerRest < 0) {
                begin(segment);
                return Optional.empty();
            }
            outerRest -= segment.length;
            require(outerRest >= 0, "longer than it says");
            int at = groupRest == 0 ? enterGroup(SegmentHeader.read(segment)) : 0;
            if (at == segment.length) {
                return Optional.empty();
            }
            acceptSegment(Tlv.parse(Arrays.copyOfRange(segment, at, segment.length), TlvLimits.MESSAGE));
            return outerRest == 0 ? Optional.of(finish()) : Optional.empty();
        } catch (MalformedTlvException e) {
            throw new CardRefusal(ErrorReason.SCP03T_STRUCTURE_ERROR, "malformed: " + e.getMessage());
        }
    }

    private void begin(byte[] segment) throws CardRefusal, MalformedTlvException {
        SegmentHeader outer = SegmentHeader.read(segment);
        require(outer.tag() == OUTER, "not a bound profile package");
        outerRest = outer.length() - (segment.length - outer.end());
        require(outerRest >= 0, "longer than it says");
        Tlv request = Tlv.parse(Arrays.copyOfRange(segment, outer.end(), segment.length));
        channel = ChannelRequest.open(request, server, prepared, card.eidBytes());
    }

    private int enterGroup(SegmentHeader group) throws CardRefusal {
        BppCommand next = command.next(group.tag());
        if (command == BppCommand.STORE_METADATA) {
            ProfileMetadata read = ProfileMetadata.parse(metadataBytes.toByteArray());
            metadata = Optional.of(read);
            card.installRules().check(read);
        }
        command = next;
        require(group.tag() == next.tag(), "sequence %X instead of %X".formatted(group.tag(), next.tag()));
        require(group.length() > 0, "empty sequence");
        groupRest = group.length();
        return group.end();
    }

    private void acceptSegment(Tlv segment) throws CardRefusal, MalformedTlvException {
        groupRest -= segment.rawLength();
        require(groupRest >= 0, "segment longer than its sequence");
        switch (command) {
            case CONFIGURE_ISDP -> configure(Tlv.parse(encrypted(segment, 0x87)));
            case STORE_METADATA -> {
                require(segment.tag() == 0x88, "unexpected tag in the metadata");
                metadataBytes.writeBytes(channel.openPlain(segment));
                if (metadataBytes.size() > MAX_METADATA_BYTES) {
                    throw new CardRefusal(ErrorReason.INCORRECT_INPUT_VALUES, "metadata too long");
                }
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

    private void configure(Tlv request) throws MalformedTlvException, CardRefusal {
        Optional<Tlv> proprietary = request.expect(0xBF24).find(0xB8);
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

    /** The chain and the block counter begin anew with the protection keys. */
    private void replaceKeys(Tlv request) throws MalformedTlvException {
        TlvOrder.require(request.expect(0xBF26), 0x80, 0x81, 0x82);
        channel = new SecureChannel(
                request.require(0x80).asBytes(KEY_BYTES),
                request.require(0x81).asBytes(KEY_BYTES),
                request.require(0x82).asBytes(KEY_BYTES));
    }

    private ProfilePackage finish() throws CardRefusal {
        require(command == BppCommand.LOAD_PROFILE_ELEMENTS && groupRest == 0, "ends before the profile");
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
