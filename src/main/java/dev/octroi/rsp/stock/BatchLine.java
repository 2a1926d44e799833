package dev.octroi.rsp.stock;

import dev.octroi.rsp.order.NewStock;

/** One line of a batch. */
sealed interface BatchLine {
    /** The number of the line in the file, from 1; the header is line 1. */
    int number();

    /** A profile to be made. */
    record Row(int number, NewStock profile) implements BatchLine {}

    /** A line from which no profile can be made. */
    record Bad(int number, RowFault fault) implements BatchLine {}
}
