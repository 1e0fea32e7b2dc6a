/**
 * Every setting there is, read from the sources, against what deployment and documentation say.
 *
 * <p>May use the JDK's compiler API.
 */
@NullMarked
package dev.basalt.deploy.settings;

import org.jspecify.annotations.NullMarked;
