namespace Decent.Api.Endpoints;

/// <summary>A page of a list.</summary>
/// <param name="Items">The items.</param>
/// <param name="NextCursor">Cursor of the next page; null at the end.</param>
/// <typeparam name="T">Type of an item.</typeparam>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);
