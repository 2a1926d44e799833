package dev.octroi.rsp.profile;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A template with its places as bytes, to be stored: {@code form (1) | major (1) | minor (1) | elements (2) | length and
 * text of the type (2 + n) | number of places (2) | places: kind (1), from (1), offset (4), length (1) | package}. Nothing
 * is parsed again when it is read back.
 */
public final class CompiledTemplate {
    private static final byte FORM = 1;
    private static final int HEAD_BYTES = 9;
    private static final int SLOT_BYTES = 7;

    private CompiledTemplate() {}

    /** The template as bytes; they hold whatever secrets the package holds. */
    public static byte[] encode(ProfileTemplate template) {
        byte[] type = template.profileType().getBytes(StandardCharsets.UTF_8);
        byte[] unprotected = template.unprotected();
        List<Slot> slots = template.slots();
        ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + type.length + slots.size() * SLOT_BYTES + unprotected.length);
        out.put(FORM)
                .put((byte) template.facts().majorVersion())
                .put((byte) template.facts().minorVersion())
                .putShort((short) template.elementCount())
                .putShort((short) type.length)
                .put(type)
                .putShort((short) slots.size());
        for (Slot slot : slots) {
            out.put((byte) slot.kind().code())
                    .put((byte) slot.from())
                    .putInt(slot.offset())
                    .put((byte) slot.length());
        }
        return out.put(unprotected).array();
    }

    /**
     * The template that was stored.
     *
     * @throws IllegalStateException when the bytes are none, or of a form that this release does not know
     */
    public static ProfileTemplate decode(byte[] stored) {
        ByteBuffer in = ByteBuffer.wrap(stored);
        try {
            if (in.get() != FORM) {
                throw new IllegalStateException("a template stored in another form");
            }
            int major = in.get();
            int minor = in.get();
            int elements = Short.toUnsignedInt(in.getShort());
            byte[] type = new byte[Short.toUnsignedInt(in.getShort())];
            in.get(type);
            int count = Short.toUnsignedInt(in.getShort());
            List<Slot> slots = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                Slot.Kind kind = Slot.Kind.of(in.get());
                int from = Byte.toUnsignedInt(in.get());
                slots.add(new Slot(kind, from, in.getInt(), Byte.toUnsignedInt(in.get())));
            }
            byte[] unprotected = new byte[in.remaining()];
            in.get(unprotected);
            if (slots.stream().anyMatch(slot -> slot.offset() + slot.length() > unprotected.length)) {
                throw new IllegalStateException("a stored template with a place beyond its end");
            }
            String text = new String(type, StandardCharsets.UTF_8);
            return new ProfileTemplate(unprotected, slots, new ProfileTemplate.Facts(major, minor, text, elements));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new IllegalStateException("a stored template cannot be read", e);
        }
    }
}
