/** A researcher's own parts, outside the project's packages: they see what is public. */
@NullMarked
package com.example.research;

import org.jspecify.annotations.NullMarked;
