package dev.octroi.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class QrImageTest {
    private static final int SCALE = 6;

    @Test
    void pngReadsBackAsTheCode() throws Exception {
        long seed = 20_261_123;
        Random random = new Random(seed);
        for (int i = 0; i < 20; i++) {
            ActivationCode code = code(random);
            BufferedImage image = ImageIO.read(
                    new ByteArrayInputStream(QrImage.of(code.text()).png()));
            assertThat(read(image)).as("seed %d, code %d", seed, i).isEqualTo(code.text());
        }
    }

    @Test
    void svgReadsBackAsTheCode() throws Exception {
        long seed = 42;
        Random random = new Random(seed);
        for (int i = 0; i < 20; i++) {
            ActivationCode code = code(random);
            String svg = QrImage.of(code.text()).svg();
            assertThat(read(draw(svg))).as("seed %d, code %d", seed, i).isEqualTo(code.text());
            assertThat(svg.length()).isLessThan(5_120);
        }
    }

    @Test
    void quietZoneIsFourModulesWide() {
        Matcher runs = Pattern.compile("M(\\d+) (\\d+)\\.5h")
                .matcher(QrImage.of("LPA:1$smdp.example.com$K9W2-7QX4").svg());
        int least = Integer.MAX_VALUE;
        while (runs.find()) {
            least = Math.min(least, Math.min(Integer.parseInt(runs.group(1)), Integer.parseInt(runs.group(2))));
        }
        assertThat(least).isEqualTo(4);
    }

    private static ActivationCode code(Random random) {
        StringBuilder id = new StringBuilder();
        for (int i = random.nextInt(8, 60); i > 0; i--) {
            id.append("0123456789ABCDEFGHJKMNPQRSTVWXYZ-".charAt(random.nextInt(33)));
        }
        return new ActivationCode("smdp.example.com:8444", id.toString(), random.nextBoolean());
    }

    private static String read(BufferedImage image) throws Exception {
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        var source = new RGBLuminanceSource(image.getWidth(), image.getHeight(), pixels);
        return new QRCodeReader()
                .decode(
                        new BinaryBitmap(new HybridBinarizer(source)),
                        Map.of(DecodeHintType.TRY_HARDER, true, DecodeHintType.PURE_BARCODE, true))
                .getText();
    }

    /** Draws the runs of the path, and nothing else that an SVG may hold. */
    private static BufferedImage draw(String svg) {
        Matcher box = Pattern.compile("viewBox=\"0 0 (\\d+) \\1\"").matcher(svg);
        assertThat(box.find()).isTrue();
        int size = Integer.parseInt(box.group(1));
        BufferedImage image = new BufferedImage(size * SCALE, size * SCALE, BufferedImage.TYPE_INT_RGB);
        fill(image, 0, 0, size, size, 0xFFFFFF);
        assertThat(svg).contains("<path stroke=\"#000\"").doesNotContain("stroke-width");
        Matcher runs =
                Pattern.compile("(?:M(\\d+) (\\d+)\\.5|m(\\d+) 0)h(\\d+)").matcher(svg);
        int x = 0;
        int y = 0;
        while (runs.find()) {
            boolean begins = runs.group(1) != null;
            y = begins ? Integer.parseInt(runs.group(2)) : y;
            x = begins ? Integer.parseInt(runs.group(1)) : x + Integer.parseInt(runs.group(3));
            int length = Integer.parseInt(runs.group(4));
            fill(image, x, y, length, 1, 0);
            x += length;
        }
        return image;
    }

    private static void fill(BufferedImage image, int x, int y, int width, int height, int rgb) {
        for (int row = y * SCALE; row < (y + height) * SCALE; row++) {
            for (int column = x * SCALE; column < (x + width) * SCALE; column++) {
                image.setRGB(column, row, rgb);
            }
        }
    }
}
