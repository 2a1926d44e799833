package dev.octroi.usage.file;

/**
 * What a line is, seen byte by byte up to its line feed: one definition for those who count rows and those who read them.
 * Carriage returns at the end belong to the line's end.
 */
final class LineShape {
    private long taken;
    private long content;
    private boolean comment;
    private boolean blank;
    private boolean returnInside;

    LineShape() {
        begin();
    }

    /** A new line. */
    void begin() {
        taken = 0;
        content = 0;
        comment = false;
        blank = true;
        returnInside = false;
    }

    void take(byte each) {
        comment |= taken == 0 && each == '#';
        taken++;
        if (each != '\r') {
            returnInside |= content < taken - 1;
            content = taken;
            blank &= each == ' ' || each == '\t';
        }
    }

    /** Whether it is neither blank nor a comment. */
    boolean isRow() {
        return !comment && !blank;
    }

    boolean isComment() {
        return comment;
    }

    /** Whether something follows a carriage return: most likely another row that would be lost. */
    boolean hasReturnInside() {
        return returnInside;
    }

    /** Length without its end, in bytes. */
    long contentBytes() {
        return content;
    }
}
