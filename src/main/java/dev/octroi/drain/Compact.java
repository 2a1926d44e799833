package dev.octroi.drain;

/**
 * Small number formats and logarithms of the detector. All by table and bit pattern, so that every machine gets the
 * same bits: alarms must not depend on whose processor computed them.
 */
final class Compact {
    private static final int MANTISSA_BITS = 23;
    private static final int LOG_BITS = 11;
    private static final float[] LOG = new float[1 << LOG_BITS];
    /** Within these a power of two is an addition to the exponent's bits. */
    private static final int EXPONENT_MIN = -126;

    private static final int EXPONENT_MAX = 127;
    private static final int POWER_STEPS = 256;
    private static final float[] POWER = new float[POWER_STEPS];
    private static final int BYTE_SHIFT = 20;
    private static final int BYTE_BASE = (Float.floatToRawIntBits(64f) >>> BYTE_SHIFT) - 1;
    private static final float[] BYTE_VALUE = new float[256];

    static {
        for (int i = 0; i < LOG.length; i++) {
            LOG[i] = (float) (StrictMath.log(1 + (i + 0.5) / LOG.length) / StrictMath.log(2));
        }
        for (int i = 0; i < POWER_STEPS; i++) {
            POWER[i] = (float) StrictMath.pow(2, (double) i / POWER_STEPS);
        }
        for (int i = 1; i < BYTE_VALUE.length; i++) {
            BYTE_VALUE[i] = Float.intBitsToFloat((i + BYTE_BASE) << BYTE_SHIFT);
        }
    }

    private Compact() {}

    /** Logarithm to base 2 of a positive number, to about 0.0004. */
    static float log2(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (bits >>> MANTISSA_BITS) - 127 + LOG[(bits >>> (MANTISSA_BITS - LOG_BITS)) & ((1 << LOG_BITS) - 1)];
    }

    /** Two to this power, to about 0.3 %. */
    static float pow2(float exponent) {
        int whole = (int) Math.floor(exponent);
        float part = POWER[(int) ((exponent - whole) * POWER_STEPS)];
        return whole > EXPONENT_MIN && whole < EXPONENT_MAX
                ? Float.intBitsToFloat(Float.floatToRawIntBits(part) + (whole << MANTISSA_BITS))
                : Math.scalb(part, whole);
    }

    /** A non-negative number in 16 bits, to 0.8 %; {@code dither} (16 bits) makes repeated small additions unbiased. */
    static char half(float value, int dither) {
        return (char) ((Float.floatToRawIntBits(value) + (dither & 0xffff)) >>> 16);
    }

    /** As {@link #half(float, int)}, rounded to the nearest. */
    static char half(float value) {
        return half(value, 0x8000);
    }

    /** The number behind a 16-bit form. */
    static float value(char half) {
        return Float.intBitsToFloat(half << 16);
    }

    /** Bytes of a transfer in 8 bits, to 12 %, from 64 B to 200 GB; dithered like {@link #half(float, int)}. */
    static byte octet(float value, int dither) {
        int code = ((Float.floatToRawIntBits(value) + (dither & 0xfffff)) >>> BYTE_SHIFT) - BYTE_BASE;
        return (byte) Math.clamp(code, 0, 255);
    }

    /** The bytes behind an 8-bit form. */
    static float value(byte octet) {
        return BYTE_VALUE[octet & 0xff];
    }

    /** Pseudo-random bits that depend on the record alone. */
    static int dither(long seconds, long bytesUp, long bytesDown) {
        long mixed =
                (seconds * 0x9E3779B97F4A7C15L) ^ (bytesUp * 0xC2B2AE3D27D4EB4FL) ^ (bytesDown * 0x165667B19E3779F9L);
        mixed ^= mixed >>> 29;
        mixed *= 0xBF58476D1CE4E5B9L;
        return (int) (mixed >>> 32);
    }
}
