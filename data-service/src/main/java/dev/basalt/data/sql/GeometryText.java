package dev.basalt.data.sql;

import io.vertx.pgclient.data.Box;
import io.vertx.pgclient.data.Circle;
import io.vertx.pgclient.data.Line;
import io.vertx.pgclient.data.LineSegment;
import io.vertx.pgclient.data.Path;
import io.vertx.pgclient.data.Point;
import io.vertx.pgclient.data.Polygon;
import java.util.List;
import java.util.stream.Collectors;

/** Geometric values in the form that PostgreSQL reads (its manual, 8.8). Stateless. */
final class GeometryText {
    private GeometryText() {}

    static String of(Object value) {
        return switch (value) {
            case Point point -> pair(point);
            case Line line -> "{" + number(line.getA()) + "," + number(line.getB()) + "," + number(line.getC()) + "}";
            case LineSegment segment -> "[" + pair(segment.getP1()) + "," + pair(segment.getP2()) + "]";
            case Box box -> pair(box.getUpperRightCorner()) + "," + pair(box.getLowerLeftCorner());
            case Path path -> path.isOpen() ? "[" + pairs(path.getPoints()) + "]" : "(" + pairs(path.getPoints()) + ")";
            case Polygon polygon -> "(" + pairs(polygon.getPoints()) + ")";
            case Circle circle -> "<" + pair(circle.getCenterPoint()) + "," + number(circle.getRadius()) + ">";
            default -> throw new IllegalArgumentException("no geometric value: " + value.getClass());
        };
    }

    private static String pairs(List<Point> points) {
        return points.stream().map(GeometryText::pair).collect(Collectors.joining(","));
    }

    private static String pair(Point point) {
        return "(" + number(point.getX()) + "," + number(point.getY()) + ")";
    }

    /** The shortest digits that tell the number from all others. */
    private static String number(double value) {
        var text = Double.toString(value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
