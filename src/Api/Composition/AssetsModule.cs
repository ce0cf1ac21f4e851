using System.Globalization;
using Decent.Candid;
using Decent.Ledger;

namespace Decent.Api.Composition;

/// <summary>The assets of the installation, read from the section <c>Assets</c>.</summary>
internal static class AssetsModule
{
    /// <summary>Reads and checks the section.</summary>
    /// <exception cref="StartRefusedException">A setting is missing or wrong; the message names it.</exception>
    public static AssetRegistry Read(IConfiguration configuration)
    {
        var sections = configuration.GetSection("Assets").GetChildren().ToList();
        if (sections.Count == 0)
        {
            throw new StartRefusedException("Assets is missing: name every currency and token of the installation.");
        }

        var assets = sections.Select(ReadOne).ToList();
        if (assets.GroupBy(a => a.Code, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new StartRefusedException($"Assets names '{twice.Key}' twice.");
        }

        return new AssetRegistry(assets);
    }

    private static Asset ReadOne(IConfigurationSection section)
    {
        var code = Required(section, "Code");
        var kind = Required(section, "Kind");
        return kind switch
        {
            "fiat" => Fiat(section, code),
            "token" => Token(section, code),
            _ => throw new StartRefusedException($"{section.Path}:Kind is '{kind}'; it is 'fiat' or 'token'."),
        };
    }

    private static Asset Fiat(IConfigurationSection section, string code)
    {
        try
        {
            return Asset.Fiat(code);
        }
        catch (ArgumentException)
        {
            throw new StartRefusedException($"{section.Path}:Code is '{code}'; a currency code is three capital letters.");
        }
    }

    private static Asset Token(IConfigurationSection section, string code)
    {
        if (!Principal.TryParse(Required(section, "Ledger"), out var ledger))
        {
            throw new StartRefusedException($"{section.Path}:Ledger is not a principal.");
        }

        return int.TryParse(Required(section, "Decimals"), CultureInfo.InvariantCulture, out var decimals) && decimals is >= 0 and <= 18
            ? Asset.Token(code, decimals, ledger)
            : throw new StartRefusedException($"{section.Path}:Decimals is not a number from 0 to 18.");
    }

    private static string Required(IConfigurationSection section, string name) =>
        section[name] is { Length: > 0 } value ? value : throw new StartRefusedException($"{section.Path}:{name} is missing.");
}
