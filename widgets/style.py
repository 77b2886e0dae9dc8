"""The palette told to Qt: its own QPalette, and a short style sheet for menus, fields, bars."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from widgets.theme import Palette


def qt_palette(p: Palette) -> QPalette:
    """Asking Qt for a dark scheme does nothing offscreen: every role is set here."""
    made = QPalette()
    role = QPalette.ColorRole
    colours = {
        role.Window: p.panel,
        role.WindowText: p.text,
        role.Base: p.card,
        role.AlternateBase: p.panel,
        role.Text: p.text,
        role.PlaceholderText: p.muted,
        role.Button: p.raised,
        role.ButtonText: p.text,
        role.BrightText: p.text,
        role.ToolTipBase: p.raised,
        role.ToolTipText: p.text,
        role.Highlight: p.receiving,
        role.HighlightedText: p.ink,
        role.Link: p.receiving,
        role.Light: p.raised,
        role.Midlight: p.raised,
        role.Mid: p.line,
        role.Dark: p.line,
        role.Shadow: p.background,
        role.Accent: p.receiving,
    }
    for one, colour in colours.items():
        made.setColor(one, QColor(colour))
    for one in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, one, QColor(p.muted))
    return made


def style_sheet(p: Palette, scale: float = 1.0) -> str:
    """Only what Qt draws itself; everything else is painted by its own widget."""

    def px(length: float) -> str:
        return f"{round(length * scale)}px"

    return f"""
    QMainWindow, QWidget#desk {{ background: {p.background}; }}
    QScrollArea, QListView, QWidget#tiles, QWidget#alarms, QWidget#rules,
    QWidget#keys, QWidget#column {{
                 background: transparent; border: 0; }}
    QLineEdit {{ background: {p.card}; color: {p.text}; border: 1px solid {p.line};
                 border-radius: 5px; padding: 0 7px; selection-background-color: {p.receiving};
                 selection-color: {p.ink}; }}
    QPlainTextEdit {{ background: {p.card}; color: {p.text}; border: 1px solid {p.line};
                      border-radius: 5px; padding: 2px 5px; }}
    QPlainTextEdit:focus {{ border: 2px solid {p.text}; padding: 1px 4px; }}
    QTableView {{ background: transparent; border: 0; }}
    QLineEdit:focus {{ border: 2px solid {p.text}; }}
    QToolTip {{ background: {p.raised}; color: {p.text}; border: 1px solid {p.muted};
                padding: 5px; }}
    QMenu {{ menu-scrollable: 1; background: {p.raised}; color: {p.text};
             border: 1px solid {p.muted}; padding: 4px; }}
    QMenu::item {{ padding: {px(7)} {px(26)} {px(7)} {px(30)}; border-radius: 3px; }}
    QMenu::item:selected {{ background: {p.line}; }}
    QMenu::item:disabled {{ color: {p.muted}; }}
    QMenu::separator {{ height: 1px; background: {p.line}; margin: 4px; }}
    QMenu::indicator {{ width: {px(10)}; height: {px(10)}; border-radius: {px(5)};
                        left: {px(10)}; }}
    QMenu::indicator:checked {{ background: {p.receiving}; }}
    QFileDialog QToolButton {{ background: {p.muted if p.name == "night" else p.raised};
                               border: 0; border-radius: 3px; padding: 3px; }}
    QScrollBar:vertical {{ background: transparent; width: {px(8)}; margin: 0; }}
    QScrollBar::handle:vertical {{ background: {p.track}; border-radius: 3px; min-height: 28px;
                                   margin: 0 1px; }}
    QScrollBar::handle:vertical:hover {{ background: {p.muted}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """
