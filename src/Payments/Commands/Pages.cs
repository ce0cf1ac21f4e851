using System.Globalization;

namespace Decent.Payments.Commands;

/// <summary>Cuts lists into pages.</summary>
internal static class Pages
{
    /// <summary>A page of rows that were read with one more than the limit.</summary>
    /// <param name="rows">Up to <paramref name="limit" /> + 1 rows in order.</param>
    /// <param name="limit">Rows of a page.</param>
    /// <param name="view">What a row looks like from outside.</param>
    /// <param name="cursor">What a row is found by.</param>
    public static Page<TView> Of<TRow, TView>(
        List<TRow> rows, int limit, Func<TRow, TView> view, Func<TRow, Guid> cursor) =>
        new(
            [.. rows.Take(limit).Select(view)],
            rows.Count > limit ? cursor(rows[limit - 1]).ToString("N", CultureInfo.InvariantCulture) : null);
}
