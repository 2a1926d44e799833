package dev.octroi.db;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Values of rows as the columns of a statement over arrays, and back. */
public final class ArrayColumns {
    private ArrayColumns() {}

    /**
     * One value of each row, as the array that a statement unnests.
     *
     * @param array makes the array, for example {@code Long[]::new}
     */
    public static <A, B> B[] column(List<A> rows, Function<A, @Nullable B> value, IntFunction<B[]> array) {
        B[] column = array.apply(rows.size());
        for (int i = 0; i < column.length; i++) {
            column[i] = value.apply(rows.get(i));
        }
        return column;
    }

    /** Each row of an answer, read. */
    public static <A> List<A> list(RowSet<Row> rows, Function<Row, A> reader) {
        List<A> list = new ArrayList<>(rows.size());
        for (Row row : rows) {
            list.add(reader.apply(row));
        }
        return list;
    }
}
