using Decent.Payments.Facts;

namespace Decent.Payments.Providers;

/// <summary>What a rail knows of a collection.</summary>
public abstract record ProviderReading
{
    private ProviderReading()
    {
    }

    /// <summary>The rail answered.</summary>
    /// <param name="Translation">Facts in the answer; the same as a webhook would bring.</param>
    public sealed record Found(Translation Translation) : ProviderReading;

    /// <summary>The rail has no such collection.</summary>
    public sealed record NotFound : ProviderReading;

    /// <summary>No usable answer.</summary>
    /// <param name="Why">In words.</param>
    public sealed record Unavailable(string Why) : ProviderReading;
}
