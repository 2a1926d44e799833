package dev.octroi.rsp.bound;

import static java.util.Objects.requireNonNull;

/**
 * The picture that a device shows beside a profile: 64 by 64 points, at most 1024 bytes.
 *
 * @param type the format
 * @param bytes the file
 */
@SuppressWarnings("ArrayRecordComponent")
public record ProfileIcon(Type type, byte[] bytes) {
    /** The largest picture. */
    public static final int MAX_BYTES = 1024;

    /** The formats, in the order of their codes. */
    public enum Type {
        /** JPEG. */
        JPG(0),
        /** PNG. */
        PNG(1);

        private final int code;

        Type(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    public ProfileIcon {
        requireNonNull(type, "type is null");
        bytes = bytes.clone();
        if (bytes.length == 0 || bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("an icon has at most 1024 bytes");
        }
    }
}
