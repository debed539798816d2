package ai.preceptor.cli.report;

import ai.preceptor.data.rows.ReadReport;

/**
 * One data file and the counts of its rows.
 *
 * @param name where the rows came from
 * @param account how many were read, kept and dropped, and why
 */
public record DataRow(String name, ReadReport account) {}
