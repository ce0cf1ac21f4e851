namespace Decent.Payments.Commands;

/// <summary>One page of a list.</summary>
/// <param name="Items">The rows, in the list's order.</param>
/// <param name="NextCursor">Where the next page starts, or null when this was the last.</param>
/// <typeparam name="T">Type of a row.</typeparam>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>Which page of a list is wanted.</summary>
/// <param name="Cursor">As given by the page before; null for the first.</param>
/// <param name="Limit">Rows wanted, 1 to 200.</param>
public sealed record PageRequest(string? Cursor = null, int Limit = 50)
{
    /// <summary>Most rows one page may have.</summary>
    public const int MaxLimit = 200;

    /// <summary>The limit, checked.</summary>
    /// <exception cref="RefusedException"><c>limit_invalid</c>: not 1 to 200.</exception>
    public int CheckedLimit() => Limit is >= 1 and <= MaxLimit
        ? Limit
        : throw new RefusedException("limit_invalid", $"limit must be 1 to {MaxLimit}.", RefusalKind.Invalid);

    /// <summary>The cursor as an id.</summary>
    /// <exception cref="RefusedException"><c>cursor_invalid</c>: not a cursor of this list.</exception>
    public Guid? CursorId() => Cursor is null ? null
        : Guid.TryParseExact(Cursor, "N", out var id) ? id
        : throw new RefusedException("cursor_invalid", "The cursor is not one of this list.", RefusalKind.Invalid);
}
