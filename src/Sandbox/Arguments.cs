using System.Globalization;

namespace Decent.Sandbox;

/// <summary>Options of a command line: <c>--name value</c> or bare flags.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private Arguments()
    {
    }

    /// <summary>Value of an option, or null.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>True when the flag was given.</summary>
    public bool Has(string flag) => _values.ContainsKey(flag);

    /// <summary>A whole number, or null when the option was not given.</summary>
    /// <exception cref="ArgumentsException">It is no whole number of at least zero.</exception>
    public int? Number(string name) => this[name] switch
    {
        null => null,
        { } text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) => value,
        var text => throw new ArgumentsException($"{name} is '{text}'; it must be a whole number, not negative."),
    };

    /// <summary>Reads a command line.</summary>
    /// <param name="args">The words.</param>
    /// <param name="options">Options that take a value.</param>
    /// <param name="flags">Options that take none.</param>
    /// <exception cref="ArgumentsException">An option is unknown or lacks its value.</exception>
    public static Arguments Parse(
        IReadOnlyList<string> args, IReadOnlyList<string> options, IReadOnlyList<string> flags)
    {
        var parsed = new Arguments();
        for (var i = 0; i < args.Count; i++)
        {
            if (flags.Contains(args[i], StringComparer.Ordinal))
            {
                parsed._values[args[i]] = "true";
            }
            else if (options.Contains(args[i], StringComparer.Ordinal) && i + 1 < args.Count)
            {
                parsed._values[args[i]] = args[++i];
            }
            else
            {
                throw new ArgumentsException(
                    options.Contains(args[i], StringComparer.Ordinal)
                        ? $"{args[i]} needs a value."
                        : $"Unknown option '{args[i]}'.");
            }
        }

        return parsed;
    }
}

/// <summary>The command line is wrong; the message is for the person who typed it.</summary>
internal sealed class ArgumentsException(string message) : Exception(message);
