package dev.octroi.rsp.bound;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A profile bound to one card and session.
 *
 * @param bytes the element BF36
 * @param recipe what it takes to make it again, or null when it can only be kept as it is
 */
@SuppressWarnings("ArrayRecordComponent")
public record BoundPackage(byte[] bytes, @Nullable Recipe recipe) {
    public BoundPackage {
        requireNonNull(bytes, "bytes is null");
    }

    /** What is to be kept of it, shorter where a recipe will do; to be sealed. */
    public byte[] kept() {
        return recipe == null ? bytes.clone() : recipe.encode();
    }

    /** Nothing of keys and identifiers. */
    @Override
    public String toString() {
        return "BoundPackage[" + bytes.length + " bytes]";
    }
}
