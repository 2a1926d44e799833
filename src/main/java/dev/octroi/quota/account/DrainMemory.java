package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

import dev.octroi.drain.DrainState;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the drain detector remembers of an account, as it is on disk: a state, and how today's state differs from it. A
 * record changes some twenty bytes of six hundred, so most batches write only the difference. Never changed.
 */
public final class DrainMemory {
    /** A difference that grows beyond this is folded into a new state. */
    static final int MAX_PATCH_BYTES = 192;

    private static final byte[] NOTHING = new byte[0];
    /** Shorter stretches that did not change are written with their neighbours. */
    private static final int MIN_GAP = 3;

    private static final int MAX_STEP = 255;

    private final byte[] base;
    private final byte[] patch;
    private final boolean isKept;

    private DrainMemory(byte[] base, byte[] patch, boolean isKept) {
        this.base = base;
        this.patch = patch;
        this.isKept = isKept;
    }

    /** Nothing on disk yet. */
    public static DrainMemory of(DrainState state) {
        return new DrainMemory(state.toBytes(), NOTHING, false);
    }

    /**
     * As it was read.
     *
     * @param base {@code DrainState.toBytes()} of an earlier moment
     * @param patch {@link #patch()} at the same time
     */
    public static DrainMemory read(byte[] base, byte[] patch) {
        return new DrainMemory(requireNonNull(base, "base is null"), requireNonNull(patch, "patch is null"), true);
    }

    /**
     * The same state on disk with another difference.
     *
     * @param difference begins with it, and may be overwritten afterwards
     */
    public DrainMemory with(byte[] difference, int length) {
        return new DrainMemory(base, Arrays.copyOf(difference, length), isKept);
    }

    /** The state, for the caller to change. */
    public DrainState open() {
        return DrainScratch.take(toBytes());
    }

    /** The serialised state. */
    public byte[] toBytes() {
        if (patch.length == 0) {
            return base;
        }
        ByteBuffer in = ByteBuffer.wrap(patch);
        byte[] bytes = Arrays.copyOf(base, in.getShort());
        int at = 0;
        while (in.hasRemaining()) {
            at += in.get() & MAX_STEP;
            int length = in.get() & MAX_STEP;
            in.get(bytes, at, length);
            at += length;
        }
        return bytes;
    }

    /** The next one. */
    public DrainMemory next(DrainState state) {
        byte[] bytes = DrainScratch.bytes();
        int size = state.write(bytes);
        byte[] difference = isKept ? difference(base, bytes, size) : null;
        return difference == null
                ? new DrainMemory(Arrays.copyOf(bytes, size), NOTHING, true)
                : new DrainMemory(base, difference, true);
    }

    /** Whether its state has to be written when the one before is on disk. */
    public boolean isWrittenAfter(DrainMemory before) {
        return isKept && (!before.isKept || !Arrays.equals(base, before.base));
    }

    /** Whether the same is on disk and in memory. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DrainMemory memory
                && isKept == memory.isKept
                && Arrays.equals(patch, memory.patch)
                && Arrays.equals(base, memory.base);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(base) + Arrays.hashCode(patch);
    }

    /** The state on disk. */
    public byte[] base() {
        return base;
    }

    /** How today's state differs from it; empty when it does not. */
    public byte[] patch() {
        return patch;
    }

    /** Null when it would be too long. The new length, then steps: bytes to pass over, bytes that follow, these bytes. */
    private static byte @Nullable [] difference(byte[] from, byte[] to, int size) {
        ByteBuffer out = ByteBuffer.allocate(MAX_PATCH_BYTES);
        out.putShort((short) size);
        int written = 0;
        int at = next(from, to, size, 0);
        while (at < size) {
            int end = end(from, to, size, at);
            while (at - written > MAX_STEP && out.remaining() >= 2) {
                out.put((byte) MAX_STEP).put((byte) 0);
                written += MAX_STEP;
            }
            int length = Math.min(MAX_STEP, end - at);
            if (out.remaining() < 2 + length) {
                return null;
            }
            out.put((byte) (at - written)).put((byte) length).put(to, at, length);
            written = at + length;
            at = next(from, to, size, written);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    private static boolean differs(byte[] from, byte[] to, int at) {
        return at >= from.length || from[at] != to[at];
    }

    private static int next(byte[] from, byte[] to, int size, int at) {
        int here = at;
        while (here < size && !differs(from, to, here)) {
            here++;
        }
        return here;
    }

    private static int end(byte[] from, byte[] to, int size, int at) {
        int end = at;
        int same = 0;
        for (int here = at; here < size && same < MIN_GAP; here++) {
            if (differs(from, to, here)) {
                end = here + 1;
                same = 0;
            } else {
                same++;
            }
        }
        return end;
    }
}
