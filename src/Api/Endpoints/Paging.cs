using Decent.Payments.Commands;

namespace Decent.Api.Endpoints;

/// <summary>Reads the paging parameters of a list.</summary>
internal static class Paging
{
    private const int DefaultLimit = 50;

    public static PageRequest Of(string? cursor, int? limit) => new(cursor, limit ?? DefaultLimit);
}
