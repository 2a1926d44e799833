package dev.octroi.subscription;

import io.nayuki.qrcodegen.QrCode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A QR (ISO/IEC 18004) of a text as an image: error correction M or better, quiet zone of 4 modules, dark on white also
 * where a page is dark, because many readers do not take it inverted.
 */
public final class QrImage {
    private static final int QUIET_ZONE = 4;
    private static final int PNG_MODULE_PIXELS = 8;
    private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    private final QrCode code;
    private final int size;

    private QrImage(QrCode code) {
        this.code = code;
        this.size = code.size + 2 * QUIET_ZONE;
    }

    /** The QR of a text of up to 255 characters. */
    public static QrImage of(String text) {
        if (text.length() > ActivationCode.MAX_LENGTH) {
            throw new IllegalArgumentException("too long for a QR that phones read well");
        }
        return new QrImage(QrCode.encodeText(text, QrCode.Ecc.MEDIUM));
    }

    /** As SVG, one path of horizontal strokes, each a module wide: about 2 KB. It scales to any size. */
    public String svg() {
        StringBuilder path = new StringBuilder(4096);
        for (int y = 0; y < code.size; y++) {
            row(path, y);
        }
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + size + " " + size
                + "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h" + size + "v" + size
                + "H0z\"/><path stroke=\"#000\" d=\"" + path + "\"/></svg>";
    }

    /** The strokes of a row, through the middle of its modules; each but the first begins where the one before ended. */
    private void row(StringBuilder path, int y) {
        int at = -1;
        int x = 0;
        while (x < code.size) {
            int end = runEnd(x, y);
            if (end > x) {
                if (at < 0) {
                    path.append('M')
                            .append(x + QUIET_ZONE)
                            .append(' ')
                            .append(y + QUIET_ZONE)
                            .append(".5h");
                } else {
                    path.append('m').append(x - at).append(" 0h");
                }
                path.append(end - x);
                at = end;
            }
            x = end + 1;
        }
    }

    /** As PNG with one bit for each pixel, 8 pixels for each module: about 1 KB. */
    public byte[] png() {
        int pixels = size * PNG_MODULE_PIXELS;
        byte[] header = ByteBuffer.allocate(13)
                .putInt(pixels)
                .putInt(pixels)
                // One bit, greyscale, deflate, no filter, not interlaced (PNG §11.2.2).
                .put(new byte[] {1, 0, 0, 0, 0})
                .array();
        ByteArrayOutputStream out = new ByteArrayOutputStream(2048);
        out.writeBytes(PNG_SIGNATURE);
        chunk(out, "IHDR", header);
        chunk(out, "IDAT", deflate(scanLines(pixels)));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private int runEnd(int x, int y) {
        int end = x;
        while (end < code.size && code.getModule(end, y)) {
            end++;
        }
        return end;
    }

    private byte[] scanLines(int pixels) {
        int lineBytes = 1 + (pixels + 7) / 8;
        byte[] lines = new byte[lineBytes * pixels];
        for (int y = 0; y < pixels; y++) {
            for (int x = 0; x < pixels; x++) {
                if (!isDark(x / PNG_MODULE_PIXELS, y / PNG_MODULE_PIXELS)) {
                    lines[y * lineBytes + 1 + x / 8] |= (byte) (0x80 >> (x % 8));
                }
            }
        }
        return lines;
    }

    private boolean isDark(int column, int row) {
        return code.getModule(column - QUIET_ZONE, row - QUIET_ZONE);
    }

    private static byte[] deflate(byte[] bytes) {
        try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION)) {
            deflater.setInput(bytes);
            deflater.finish();
            byte[] buffer = new byte[4096];
            ByteArrayOutputStream out = new ByteArrayOutputStream(2048);
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        }
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(name);
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
