package dev.octroi.audit;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.temporal.TemporalAccessor;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The one way to write a JSON value (RFC 8785): members sorted by UTF-16 code units, no blanks, shortest numbers. Whole
 * numbers beyond 2^53 are written as strings, since other readers of I-JSON (RFC 7493 §2.2) would round them.
 */
final class CanonicalJson {
    private static final long EXACT = 1L << 53;
    private static final int MAX_DEPTH = 16;
    private static final String HEX = "0123456789abcdef";

    private final StringBuilder out = new StringBuilder();

    private CanonicalJson() {}

    static String write(@Nullable Object value) {
        CanonicalJson json = new CanonicalJson();
        json.value(value, 0);
        return json.out.toString();
    }

    private void value(@Nullable Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("JSON nested deeper than " + MAX_DEPTH);
        }
        switch (value) {
            case null -> out.append("null");
            case Boolean flag -> out.append(flag);
            case Integer whole -> out.append(whole);
            case Long whole -> whole(whole);
            case Short whole -> out.append(whole);
            case Byte whole -> out.append(whole);
            case Double number -> number(number);
            case Float number -> number(Double.parseDouble(number.toString()));
            case BigDecimal decimal -> text(decimal.toPlainString());
            case JsonObject object -> object(object.getMap(), depth);
            case JsonArray array -> array(array.getList(), depth);
            case Map<?, ?> map -> object(map, depth);
            case Collection<?> list -> array(list, depth);
            case TemporalAccessor time -> text(time.toString());
            case CharSequence text -> text(text.toString());
            case Enum<?> constant -> text(constant.name());
            // A value object of some feature: better its text than a change that cannot be audited and so is not made.
            default -> text(value.toString());
        }
    }

    private void whole(long whole) {
        if (whole > EXACT || whole < -EXACT) {
            text(Long.toString(whole));
        } else {
            out.append(whole);
        }
    }

    private void object(Map<?, ?> map, int depth) {
        // String's natural order is the order of UTF-16 code units, as RFC 8785 §3.2.3 wants it.
        Map<String, @Nullable Object> sorted = new TreeMap<>();
        map.forEach((name, member) -> sorted.put(String.valueOf(name), member));
        char separator = '{';
        for (Map.Entry<String, @Nullable Object> member : sorted.entrySet()) {
            out.append(separator);
            text(member.getKey());
            out.append(':');
            value(member.getValue(), depth + 1);
            separator = ',';
        }
        out.append(separator == '{' ? "{}" : "}");
    }

    private void array(Collection<?> list, int depth) {
        char separator = '[';
        for (Object element : list) {
            out.append(separator);
            value(element, depth + 1);
            separator = ',';
        }
        out.append(separator == '[' ? "[]" : "]");
    }

    private void text(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> plain(text, i, c);
            }
        }
        out.append('"');
    }

    private void plain(String text, int i, char c) {
        boolean lone = Character.isHighSurrogate(c)
                ? i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))
                : Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
        if (c == 0 || lone) {
            // Neither has a place in the database's text; what was meant is not known.
            out.append('\uFFFD');
        } else if (c < ' ') {
            out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
        } else {
            out.append(c);
        }
    }

    /** ECMAScript's Number::toString (ECMA-262 §6.1.6.1.20), from the shortest digits that Java finds. */
    private void number(double number) {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("JSON has no NaN and no infinity");
        }
        if (number == 0) {
            out.append('0');
            return;
        }
        if (number < 0) {
            out.append('-');
        }
        BigDecimal shortest = shortest(Math.abs(number));
        String digits = shortest.unscaledValue().toString();
        int point = digits.length() - shortest.scale();
        if (point > 21 || point < -5) {
            int exponent = point - 1;
            out.append(digits.charAt(0));
            if (digits.length() > 1) {
                out.append('.').append(digits, 1, digits.length());
            }
            out.append(exponent < 0 ? "e-" : "e+").append(Math.abs(exponent));
        } else if (point <= 0) {
            out.append("0.").repeat("0", -point).append(digits);
        } else if (point >= digits.length()) {
            out.append(digits).repeat("0", point - digits.length());
        } else {
            out.append(digits, 0, point).append('.').append(digits, point, digits.length());
        }
    }

    /** Java always keeps two digits, where one may do: 4.9E-324 for 5e-324. */
    private static BigDecimal shortest(double positive) {
        BigDecimal digits = new BigDecimal(Double.toString(positive)).stripTrailingZeros();
        BigDecimal single = digits.round(new MathContext(1));
        return digits.precision() == 2 && single.doubleValue() == positive ? single.stripTrailingZeros() : digits;
    }
}
