using System.Globalization;
using System.Numerics;
using Decent.Candid;
using Microsoft.Extensions.Configuration;

namespace Decent.PriceOracle.Settings;

/// <summary>Reads settings one by one and says which one is wrong.</summary>
internal sealed class SettingReader(IConfiguration configuration)
{
    /// <summary>The text of a setting, or null.</summary>
    public string? Text(string name) =>
        configuration[name] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    /// <summary>The text of a setting that must be there.</summary>
    public string Required(string name) => Text(name) ?? throw new SettingException(name, "is missing.");

    /// <summary>Indexes of the children of a list.</summary>
    public IReadOnlyList<string> List(string name) =>
        [.. configuration.GetSection(name).GetChildren().Select(c => c.Path)];

    /// <summary>A canister id.</summary>
    public Principal Canister(string name)
    {
        var text = Required(name);
        return Principal.TryParse(text, out var principal) && principal is not null
            ? principal
            : throw new SettingException(name, $"is '{text}', which is not a canister id.");
    }

    /// <summary>A span of time within bounds.</summary>
    public TimeSpan Span(string name, TimeSpan otherwise, TimeSpan least, TimeSpan most)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span >= least && span <= most
            ? span
            : throw new SettingException(name, $"is '{text}'; it must be a time between {least:c} and {most:c}.");
    }

    /// <summary>A whole number within bounds.</summary>
    public int Number(string name, int otherwise, int least, int most)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most
            ? number
            : throw new SettingException(name, $"is '{text}'; it must be a whole number between {least} and {most}.");
    }

    /// <summary>A positive whole number of any size.</summary>
    public BigInteger Positive(string name)
    {
        var text = Required(name);
        return text.Length <= 60
            && BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number.Sign > 0
            ? number
            : throw new SettingException(name, $"is '{text}'; it must be a whole number above zero.");
    }

    /// <summary>True or false.</summary>
    public bool Flag(string name, bool otherwise)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        return bool.TryParse(text, out var flag) ? flag
            : throw new SettingException(name, $"is '{text}'; it must be true or false.");
    }
}
